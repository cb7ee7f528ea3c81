/** What ErrorDocument answers with, instead of the page that the server makes itself. Pure values. */
export type ErrorResponse = 
/** The server's own page, against what an outer scope says. */
{
    readonly kind: 'default';
} | {
    readonly kind: 'text';
    readonly text: string;
}
/** A path of this server, served in place of the response. */
 | {
    readonly kind: 'path';
    readonly path: string;
}
/** The client is redirected there. */
 | {
    readonly kind: 'url';
    readonly url: string;
};
/** How httpd tells them apart: a blank makes it text, whatever it starts with. */
export declare function classifyErrorResponse(text: string): ErrorResponse;
