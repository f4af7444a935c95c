/** Thumbnails S and M are read as well while there are at most this many unread; beyond that only where metadata makes them suspicious. */
export const READ_ALL_SMALL = 2000;
