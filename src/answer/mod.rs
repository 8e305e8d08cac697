//! Answers: the words a customer may get, and whether every fact in them is documented.
