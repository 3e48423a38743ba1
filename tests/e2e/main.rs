//! The program as somebody has it who built it: words on the command line go in; files, lines and an exit status come out.
//!
//! Every test works in a folder of its own, far from the repository: what the binary carries must be enough.
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and its line says where"
)]

#[cfg(unix)]
mod admin;
#[cfg(unix)]
mod dealings;
mod desk;
#[cfg(unix)]
mod doctor;
#[cfg(unix)]
mod ends;
mod faults;
#[cfg(unix)]
mod first_life;
#[cfg(unix)]
#[path = "../http.rs"]
mod http;
mod journals;
mod maps;
#[cfg(unix)]
mod meters;
#[cfg(unix)]
mod minds;
#[cfg(unix)]
#[path = "../mock.rs"]
mod mock;
#[cfg(unix)]
mod outage;
mod people;
#[cfg(unix)]
mod postgres;
#[cfg(unix)]
mod process;
mod runs;
#[cfg(unix)]
mod served;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod storm;
#[cfg(unix)]
mod trades;
