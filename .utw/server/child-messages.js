/** What parent and http child say to each other over the IPC channel. Plain data (JSON). */
export {};
//# sourceMappingURL=child-messages.js.map