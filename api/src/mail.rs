//! E-mail: the one letter this server sends, with a claim's link for an agent's owner. Without settings it sends none, and the link is shown instead.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// Time that a letter may take to be handed over.
const HAND_OVER_WITHIN: Duration = Duration::from_secs(15);

/// How letters leave.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// The server that takes them: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST:587?tls=required`, or `smtp://HOST:25`.
    pub url: String,
    /// Who they come from, such as `Hamlet <hamlet@example.org>`.
    pub from: String,
}

impl fmt::Debug for SmtpConfig {
    /// Without the address: there may be a password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// Why a letter cannot be sent, as the rest of a sentence. It names no password.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The settings make no sense.
    #[error("the settings of the mail server make no sense: {0}")]
    Settings(String),
    /// Nobody could be written to at this address.
    #[error("the address is none that one could write to")]
    Address,
    /// The mail server did not take it.
    #[error("the mail server did not take the letter: {0}")]
    Refused(String),
}

/// Sends letters.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// What the letter says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimLetter<'a> {
    pub(crate) to: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) link: &'a str,
    pub(crate) code: &'a str,
}

impl Mailer {
    /// As configured. Nothing is sent yet.
    ///
    /// # Errors
    /// When an address makes no sense.
    pub fn new(config: &SmtpConfig) -> Result<Self, MailError> {
        let settings =
            |what: &str, why: &dyn fmt::Display| MailError::Settings(format!("{what}: {why}"));
        let from = config
            .from
            .parse()
            .map_err(|why: lettre::address::AddressError| settings("smtp.from", &why))?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.url)
            .map_err(|why| settings("smtp.url", &why))?;
        Ok(Self {
            transport: builder.timeout(Some(HAND_OVER_WITHIN)).build(),
            from,
        })
    }

    /// Sends the letter, and waits until the mail server has it.
    pub(crate) async fn send(&self, letter: ClaimLetter<'_>) -> Result<(), MailError> {
        let to: Mailbox = letter
            .to
            .parse()
            .map_err(|_no_address| MailError::Address)?;
        let ClaimLetter {
            agent, link, code, ..
        } = letter;
        let text = format!(
            "The agent {agent} says that you own it.\n\n\
             If that is so, open this link, sign in, compare the code, and confirm:\n\n  {link}\n\n\
             The code it shows must be {code}. Opening the link alone changes nothing.\n\
             If you know of no such agent, there is nothing to do.\n"
        );
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(format!("Claim your agent {agent}"))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|why| MailError::Refused(why.to_string()))?;
        let handed = tokio::time::timeout(HAND_OVER_WITHIN, self.transport.send(message)).await;
        match handed {
            Ok(Ok(_taken)) => Ok(()),
            Ok(Err(why)) => Err(MailError::Refused(why.to_string())),
            Err(_elapsed) => Err(MailError::Refused("it does not answer".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked_and_kept_to_oneself() {
        let config = |url: &str, from: &str| SmtpConfig {
            url: url.to_owned(),
            from: from.to_owned(),
        };
        let good = config(
            "smtp://ann:pass-word@localhost:25",
            "Hamlet <h@example.org>",
        );
        Mailer::new(&good).expect("these make sense");
        assert!(!format!("{good:?}").contains("pass-word"));
        let bad = [
            ("smtp://localhost", "nobody"),
            ("localhost", "h@example.org"),
            ("ftp://localhost", "h@example.org"),
        ];
        for (url, from) in bad {
            assert!(Mailer::new(&config(url, from)).is_err(), "{url} {from}");
        }
    }
}
