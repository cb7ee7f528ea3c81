var trac = {};
