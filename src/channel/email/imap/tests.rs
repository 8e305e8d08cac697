//! How reading goes, before a server that plays a script.
