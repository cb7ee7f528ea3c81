/** The server's own pages for error and redirect statuses: plain, with nothing in them that the client must not know. */
/** The reason phrase of a status. */
export declare function reasonPhrase(status: number): string;
/** The page as HTML. `signature` stands below a line: ServerSignature. `location` is linked. */
export declare function formatErrorPage(status: number, details?: {
    signature?: string;
    location?: string;
}): string;
export declare function escapeHtml(text: string): string;
