/** More lines than this cannot be told apart in one chart. */
export const mostCompared = 20;
