// A page opened from the disk may not read other pages: then the results of a search come without excerpts.
// @ts-expect-error: a constant of another script of the page
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
