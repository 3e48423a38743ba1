//! How the line to the village is.

/// Whether the village answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// Nobody has answered yet.
    #[default]
    Connecting,
    /// Frames come.
    Live,
    /// Gone; tried again after so many seconds.
    Lost {
        /// What happened.
        why: String,
        /// Seconds until it is tried again.
        retry_secs: u64,
    },
    /// It speaks another version of the API; it is not tried again.
    OtherVersion {
        /// Version of the server.
        server: String,
        /// Its API.
        api: String,
    },
}

/// The line to the village.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// How it is.
    pub(crate) state: LinkState,
    /// Address of the village.
    pub(crate) url: String,
}

impl Link {
    /// Whether frames come.
    pub(crate) fn is_live(&self) -> bool {
        self.state == LinkState::Live
    }

    /// What to tell people while it is not live.
    pub(crate) fn sentence(&self) -> Option<String> {
        match &self.state {
            LinkState::Live => None,
            LinkState::Connecting => Some(format!("Looking for the village at {} …", self.url)),
            LinkState::Lost { why, retry_secs } => Some(format!(
                "The village does not answer ({why}). What you typed is kept; the next try is in {retry_secs} s."
            )),
            LinkState::OtherVersion { server, api } => Some(format!(
                "The village runs hamlet {server} and speaks API {api}; this window is hamlet {} and speaks {}. Start the window of that version.",
                env!("CARGO_PKG_VERSION"),
                crate::wire::API
            )),
        }
    }
}
