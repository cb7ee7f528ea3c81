/** The command line: reads arguments, calls a command, and is the one place that turns errors into exit statuses. */
export {};
