//! What can go wrong between us and a model.

use std::time::Duration;

/// Why a request has no answer. Texts of servers are shortened, and keys never stand in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Nobody listens, or the connection broke before an answer began.
    #[error("the endpoint cannot be reached: {0}")]
    Unreachable(String),
    /// It took longer than it may.
    #[error("no whole answer within the time it may take")]
    Timeout,
    /// The answer ended in the middle.
    #[error("the answer was cut off")]
    Cut,
    /// Too much at once: 429 or 503.
    #[error("the endpoint is overloaded (status {status})")]
    Overloaded {
        /// Its status.
        status: u16,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The key is wrong or missing.
    #[error("the endpoint refuses the key (status {0}); see `api_key_env` of its settings")]
    Unauthorized(u16),
    /// It has no such model.
    #[error("the endpoint has no model of that name: {0}")]
    UnknownModel(String),
    /// The prompt is longer than the model can take.
    #[error("the prompt is longer than the model can take: {0}")]
    ContextOverflow(String),
    /// It refuses the request for another reason.
    #[error("the endpoint refuses the request (status {status}): {message}")]
    Refused {
        /// Its status.
        status: u16,
        /// The beginning of what it says.
        message: String,
    },
    /// It refuses the form that the answer is to have, and names it.
    #[error("the endpoint takes no such form of an answer (status {status}): {message}")]
    NoForm {
        /// Its status.
        status: u16,
        /// The beginning of what it says.
        message: String,
    },
    /// Its own fault.
    #[error("the endpoint is at fault (status {0})")]
    Server(u16),
    /// Something that is no answer: a login page, an error page of a proxy.
    #[error("the endpoint answers with something that is not JSON: {0}")]
    NotJson(String),
    /// JSON, but no answer.
    #[error("the endpoint's answer makes no sense: {0}")]
    Malformed(String),
    /// More than an answer may have.
    #[error("the endpoint's answer is longer than {0} bytes")]
    TooLong(usize),
    /// The settings make no request possible.
    #[error("{0}")]
    Setting(String),
}

/// What a fault says of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Worth another try elsewhere; the endpoint may be sick.
    Endpoint,
    /// Worth another try elsewhere; the endpoint only has too much to do.
    Load,
    /// The endpoint is set up wrongly and will not mend by itself.
    Setup,
    /// The request is at fault: another endpoint would say the same.
    Request,
}

impl WireError {
    /// Whose fault it is.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Unreachable(_)
            | Self::Timeout
            | Self::Cut
            | Self::Server(_)
            | Self::Malformed(_)
            | Self::TooLong(_) => Blame::Endpoint,
            Self::NoForm { status, .. } if *status >= 500 => Blame::Endpoint,
            Self::Overloaded { .. } => Blame::Load,
            Self::Unauthorized(_) | Self::UnknownModel(_) | Self::NotJson(_) | Self::Setting(_) => {
                Blame::Setup
            }
            Self::ContextOverflow(_) | Self::Refused { .. } | Self::NoForm { .. } => Blame::Request,
        }
    }

    /// Whether the endpoint is there and has answered, if only to refuse.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !matches!(self, Self::Unreachable(_) | Self::Timeout | Self::Cut)
    }

    /// Whether a model may have read the prompt, and somebody is charged for it.
    #[must_use]
    pub fn may_be_paid(&self) -> bool {
        matches!(
            self,
            Self::Timeout | Self::Cut | Self::Malformed(_) | Self::TooLong(_)
        )
    }

    /// Its word, for counts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Timeout => "timeout",
            Self::Cut => "cut_off",
            Self::Overloaded { .. } => "overloaded",
            Self::Unauthorized(_) => "unauthorized",
            Self::UnknownModel(_) => "unknown_model",
            Self::ContextOverflow(_) => "context_overflow",
            Self::Refused { .. } => "refused",
            Self::NoForm { status, .. } if *status < 500 => "refused",
            Self::Server(_) | Self::NoForm { .. } => "server_error",
            Self::NotJson(_) => "not_json",
            Self::Malformed(_) => "malformed",
            Self::TooLong(_) => "too_long",
            Self::Setting(_) => "setting",
        }
    }
}
