//! Search: the entries that may answer a question, with how each came to be found.
