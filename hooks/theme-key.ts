/** Where the chosen theme is remembered (localStorage); the script in the document's head reads it too. */
export const THEME_KEY = 'pitwall-theme';
