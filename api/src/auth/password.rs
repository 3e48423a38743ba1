//! Passwords of people: what they may look like, and how they are hashed.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use hamlet_protocol::name::name_key;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use crate::config::ApiConfig;
use crate::problem::Problem;

/// Shortest password, in characters.
const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in characters.
const PASSWORD_CHARS_MAX: usize = 200;
/// Passwords hashed at the same time.
const RUNNING_MAX: usize = 2;
/// Passwords that may wait for their turn.
const WAITING_MAX: usize = 64;
/// What is mixed into the hash for somebody who does not exist.
const NOBODYS_SALT: [u8; 16] = *b"nobody lives her";

/// A password in clear text: never logged, never kept.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password, min_length = 10, max_length = 200)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl From<String> for Password {
    fn from(clear: String) -> Self {
        Self(clear)
    }
}

impl Password {
    /// Whether it may be the password of somebody with this name.
    ///
    /// # Errors
    /// 400 when it is too short, too long, or the name.
    pub fn check(&self, name: &str) -> Result<(), Problem> {
        let refuse = |detail: &str| {
            Err(Problem::new(
                axum::http::StatusCode::BAD_REQUEST,
                "invalid_password",
                detail,
                format!(
                    "Choose {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters that nobody guesses; several words do well."
                ),
            ))
        };
        let chars = self.0.chars().take(PASSWORD_CHARS_MAX + 1).count();
        if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) {
            return refuse("The password is too short or too long.");
        }
        if name_key(&self.0) == name_key(name) {
            return refuse("The password is the name.");
        }
        Ok(())
    }

    /// Whether it is too long to be anybody's, so that hashing it would only cost time.
    fn is_absurd(&self) -> bool {
        self.0.len() > 4 * PASSWORD_CHARS_MAX
    }
}

/// Hashes passwords with Argon2id, a few at a time and off the async threads.
#[derive(Clone)]
pub struct Passwords {
    hasher: Argon2<'static>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// With the cost that the settings say; a cost that makes no sense is the library's default.
    #[must_use]
    pub fn new(config: &ApiConfig) -> Self {
        let params = Params::new(config.password_memory_kib, config.password_passes, 1, None)
            .unwrap_or_default();
        Self {
            hasher: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            running: Arc::new(Semaphore::new(RUNNING_MAX)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        }
    }

    /// A password's PHC string, salted.
    ///
    /// # Errors
    /// 503 when too many wait, 500 when it cannot be hashed.
    pub async fn hash(&self, password: Password) -> Result<String, Problem> {
        self.turn(move |hasher| {
            hasher
                .hash_password(password.0.as_bytes())
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|source| Problem::internal(&format!("a password cannot be hashed: {source}")))
    }

    /// Whether a password is the one of this PHC string. Without one it takes as long, and is not.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn matches(&self, password: Password, phc: Option<String>) -> Result<bool, Problem> {
        if password.is_absurd() {
            return Ok(false);
        }
        self.turn(move |hasher| verify(hasher, &password, phc.as_deref()))
            .await
    }

    async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let busy =
            || Problem::unavailable("busy", "Too many people sign in at the same moment.", 2);
        let _waiting = self.waiting.try_acquire().map_err(|_full| busy())?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_closed| busy())?;
        let hasher = self.hasher.clone();
        // The permit goes along: a client that hangs up does not make room before the work is done.
        spawn_blocking(move || {
            let outcome = work(&hasher);
            drop(running);
            outcome
        })
        .await
        .map_err(|source| Problem::internal(&format!("hashing a password failed: {source}")))
    }
}

fn verify(hasher: &Argon2<'static>, password: &Password, phc: Option<&str>) -> bool {
    let Some(phc) = phc else {
        drop(hasher.hash_password_with_salt(password.0.as_bytes(), &NOBODYS_SALT));
        return false;
    };
    match PasswordHash::new(phc) {
        Ok(hash) => hasher.verify_password(password.0.as_bytes(), &hash).is_ok(),
        Err(source) => {
            tracing::error!(%source, "the hash of a password in the database makes no sense");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(&ApiConfig {
            password_memory_kib: 64,
            password_passes: 1,
            ..ApiConfig::default()
        })
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let passwords = cheap();
        let right = Password::from("correct horse".to_owned());
        let hash = passwords.hash(right.clone()).await.expect("it is hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        let again = passwords.hash(right.clone()).await.expect("it is hashed");
        assert_ne!(hash, again, "each has its own salt");
        let matches = |password: Password, hash: Option<String>| passwords.matches(password, hash);
        assert!(
            matches(right.clone(), Some(hash.clone()))
                .await
                .expect("a turn")
        );
        let wrong = Password::from("correct house".to_owned());
        assert!(!matches(wrong, Some(hash)).await.expect("a turn"));
        assert!(!matches(right.clone(), None).await.expect("a turn"));
        assert!(
            !matches(right, Some("nonsense".to_owned()))
                .await
                .expect("a turn")
        );
    }

    #[test]
    fn poor_passwords_are_refused() {
        for (poor, name) in [
            ("short", "mira"),
            ("miraholt_1", "Mira-Holt-1"),
            (&*"x".repeat(201), "mira"),
        ] {
            let refused = Password::from(poor.to_owned()).check(name);
            assert_eq!(refused.expect_err(poor).code, "invalid_password");
        }
        for good in ["ten chars!", &"ü".repeat(200)] {
            assert_eq!(Password::from(good.to_owned()).check("mira"), Ok(()));
        }
    }

    #[test]
    fn a_password_does_not_show_in_debug_output() {
        let password = Password::from("correct horse".to_owned());
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
