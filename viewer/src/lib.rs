//! The window of the village.
