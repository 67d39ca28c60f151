/** The header by which the console's listener hands on, to pages and to the client, the id that it gave to a request. */
export const REQUEST_ID = 'x-request-id';
