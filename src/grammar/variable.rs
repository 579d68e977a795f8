//! The variables in a word.
