//! Who is who: registering, claiming, signing in, keys, and what keeps order.

mod claims;
pub(crate) mod helpers;
mod keys;
pub(crate) mod letters;
mod links;
mod moderation;
mod owner;
mod proof;
mod register;
mod restart;
mod secrets;
mod sessions;
