raise RuntimeError("this script can not be imported")
