/** The one channel between window and main, both ways. */
export const channel = 'tunebench:message';
