/** What the engine answers. It changes nothing itself: the caller carries this out. */
export {};
//# sourceMappingURL=rewrite-outcome.js.map