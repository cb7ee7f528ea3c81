/**
 * The directive table: lines into settings, and how the scopes meet. What nested scopes inherit was compared with
 * Apache 2.4.71.
 */
export {};
