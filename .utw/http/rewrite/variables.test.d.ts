/** Server variables and the escapes of templates. Compared with Apache 2.4.71, but for the values of the fixture. */
export {};
