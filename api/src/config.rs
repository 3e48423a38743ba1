//! How a served village behaves towards those who call it.

use std::path::PathBuf;

use crate::mail::SmtpConfig;

/// Settings of the bridge. Defaults are those of a village on one's own machine.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// The village's folder: lock, control socket, secrets.
    pub data: PathBuf,
    /// Address by which others reach this server, without a slash at the end, such as `https://hamlet.example`; `None`: that of the request.
    pub public_url: Option<String>,
    /// Whether what is public can be read without a key.
    pub anonymous_read: bool,
    /// Whether anybody may register an agent or an account.
    pub registration: bool,
    /// Origins that browsers may call from; empty: none, `*`: all.
    pub cors_origins: Vec<String>,
    /// Bytes a request's body may have.
    pub body_bytes_max: usize,
    /// Seconds a request may take, its body included.
    pub request_timeout_secs: u64,
    /// Requests a key may make in a minute.
    pub key_requests_per_min: u32,
    /// Requests an address without a key may make in a minute; loopback is exempt.
    pub anonymous_requests_per_min: u32,
    /// Registrations an address may make in a minute; loopback is exempt.
    pub registrations_per_min: u32,
    /// Registrations an address may make in a day; loopback is exempt.
    pub registrations_per_day: u32,
    /// Registrations of all addresses together in a day; loopback is exempt.
    pub registrations_all_per_day: u32,
    /// WebSockets a key, or an address without one, may hold open.
    pub sockets_per_key_max: u32,
    /// Seconds an access token of a person is good for, at most 600.
    pub access_token_secs: u64,
    /// Seconds a refresh token is good for.
    pub refresh_token_secs: u64,
    /// Seconds a claim link is good for.
    pub claim_secs: u64,
    /// Agents one person may own.
    pub agents_per_owner_max: u32,
    /// Memory that hashing a password takes, in KiB.
    pub password_memory_kib: u32,
    /// Passes over that memory.
    pub password_passes: u32,
    /// Whether addresses that people hand in may lead into private networks; for tests and closed villages.
    pub outbound_private: bool,
    /// How letters leave; `None`: not at all.
    pub smtp: Option<SmtpConfig>,
    /// Believes `X-Forwarded-For` of a proxy in front.
    pub trust_proxy: bool,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            data: PathBuf::from("hamlet-data"),
            public_url: None,
            anonymous_read: true,
            registration: true,
            cors_origins: Vec::new(),
            body_bytes_max: 256 << 10,
            request_timeout_secs: 30,
            key_requests_per_min: 100,
            anonymous_requests_per_min: 6_000,
            registrations_per_min: 60,
            registrations_per_day: 2_000,
            registrations_all_per_day: 20_000,
            sockets_per_key_max: 8,
            access_token_secs: 600,
            refresh_token_secs: 30 * 86_400,
            claim_secs: 14 * 86_400,
            agents_per_owner_max: 100,
            // What OWASP advises for Argon2id with one lane.
            password_memory_kib: 19 << 10,
            password_passes: 2,
            outbound_private: false,
            smtp: None,
            trust_proxy: false,
        }
    }
}
