//! Curation: how knowledge comes in and grows.
