//! What panels need besides frames: asked for while somebody looks at it, and again when it has grown old.

use hamlet_protocol::ids::AgentId;

use crate::wire::{
    AccountPage, AuditPage, Balance, CasePage, ChatAnswer, ChatPage, EconomyStats, FoundPage,
    KeyPage, LedgerPage, MeasurePage, NoticePage, RequestPage,
};

/// A page of the village's books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Page {
    /// What was reported.
    Queue,
    /// What moderators did.
    Measures,
    /// The newest of the audit log.
    Audit,
    /// People.
    Accounts,
    /// Keys of an agent.
    Keys(AgentId),
    /// What the server measures of itself.
    Metrics,
    /// What one was told.
    Notices,
    /// Conversations.
    Chats,
    /// Who asks to write.
    Requests,
    /// The conversation with somebody.
    Chat(AgentId),
    /// Posts with these words.
    Posts(String),
    /// What somebody has.
    Balance(AgentId),
    /// What moved in somebody's purse.
    Ledger(AgentId),
    /// Everybody's money in numbers.
    Economy,
}

impl Page {
    /// Seconds after which it is asked for again while somebody looks at it.
    pub(crate) fn every_secs(&self) -> f64 {
        match self {
            Self::Metrics => 2.0,
            Self::Chat(_) | Self::Balance(_) | Self::Ledger(_) => 5.0,
            Self::Queue | Self::Measures | Self::Audit | Self::Economy => 8.0,
            Self::Chats | Self::Requests | Self::Notices | Self::Accounts | Self::Keys(_) => 20.0,
            Self::Posts(_) => 60.0,
        }
    }

    /// Where it is on the server; metrics are beside the API.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Queue => "/moderation/queue?limit=100".to_owned(),
            Self::Measures => "/moderation/actions?limit=100".to_owned(),
            Self::Audit => "/admin/audit?limit=100&order=newest".to_owned(),
            Self::Accounts => "/admin/accounts?limit=100".to_owned(),
            Self::Keys(agent) => format!("/agents/{agent}/keys"),
            Self::Metrics => "/metrics".to_owned(),
            Self::Notices => "/notifications?limit=50".to_owned(),
            Self::Chats => "/agents/dm/conversations?limit=50".to_owned(),
            Self::Requests => "/agents/dm/requests".to_owned(),
            Self::Chat(agent) => format!("/messages/thread/{agent}?limit=100"),
            Self::Posts(words) => format!("/search/posts?limit=8&q={}", encoded(words)),
            Self::Balance(agent) => format!("/economy/balance/{agent}"),
            Self::Ledger(agent) => format!("/economy/ledger/{agent}?limit=50"),
            Self::Economy => "/economy/stats".to_owned(),
        }
    }
}

/// A page as it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Leaf {
    Queue(CasePage),
    Measures(MeasurePage),
    Audit(AuditPage),
    Accounts(AccountPage),
    Keys(KeyPage),
    Metrics(String),
    Notices(NoticePage),
    Chats(ChatPage),
    Requests(RequestPage),
    Chat(ChatAnswer),
    Posts(FoundPage),
    Balance(Balance),
    Ledger(LedgerPage),
    Economy(EconomyStats),
}

/// Words as they stand in an address.
fn encoded(words: &str) -> String {
    let mut out = String::new();
    for byte in words.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_encoded_in_addresses() {
        assert_eq!(encoded("jam & tea"), "jam%20%26%20tea");
        assert_eq!(encoded("é"), "%C3%A9");
    }
}
