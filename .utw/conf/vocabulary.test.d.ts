/** Names: how they are found, what is near them, and the forms in which modules are asked for. */
export {};
