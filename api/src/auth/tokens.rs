//! Access tokens of people: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256, good for minutes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use signature::{Signer, Verifier};
use uuid::Uuid;

use crate::problem::Problem;

/// The one algorithm used; the library's own providers bring RSA and curves along that nobody here needs.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| hs256(algorithm, key.as_bytes()).map(|it| Box::new(it) as _),
    verifier_factory: |algorithm, key| {
        hs256(algorithm, key.try_get_as_bytes()?).map(|it| Box::new(it) as _)
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(Hmac<Sha256>);

fn hs256(algorithm: &Algorithm, key: &[u8]) -> jsonwebtoken::errors::Result<Hs256> {
    if *algorithm != Algorithm::HS256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Hmac::new_from_slice(key)
        .map(Hs256)
        .map_err(|_length| ErrorKind::InvalidKeyFormat.into())
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self
            .0
            .clone()
            .chain_update(message)
            .finalize()
            .into_bytes()
            .to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0
            .clone()
            .chain_update(message)
            .verify_slice(signature)
            .map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// What an access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Whose it is.
    #[serde(rename = "sub")]
    pub account: Uuid,
    /// Until when it is good, seconds since 1970.
    #[serde(rename = "exp")]
    pub expires_secs: i64,
    /// The generation of the account's tokens; an older one is void.
    #[serde(rename = "gen")]
    pub generation: i64,
    /// The sign-in that it came from: signing out voids it at once.
    #[serde(rename = "sid", default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
}

/// Signs and verifies access tokens.
pub struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens signed with this secret, at least 32 bytes of chance.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        // It may have been installed by another village of this process.
        PROVIDER.install_default().ok();
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is checked against the village's clock, below.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            sign: EncodingKey::from_secret(secret),
            verify: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// A token for somebody.
    ///
    /// # Errors
    /// 500 when it cannot be signed.
    pub fn issue(&self, claims: &AccessClaims) -> Result<String, Problem> {
        encode(&Header::new(Algorithm::HS256), claims, &self.sign)
            .map_err(|source| Problem::internal(&format!("a token cannot be signed: {source}")))
    }

    /// What a token says.
    ///
    /// # Errors
    /// 401 when it is not one of ours, or no longer good.
    pub fn verify(&self, token: &str, now_ms: i64) -> Result<AccessClaims, Problem> {
        let claims = decode::<AccessClaims>(token, &self.verify, &self.validation)
            .map_err(|_forged| {
                Problem::unauthorized(
                    "token_unknown",
                    "This access token was not made here.",
                    "Sign in again.",
                )
            })?
            .claims;
        if claims.expires_secs.saturating_mul(1000) <= now_ms {
            return Err(Problem::unauthorized(
                "token_expired",
                "This access token has expired.",
                "Get a new one at POST /api/v1/auth/refresh, or sign in again.",
            ));
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_it_expires_and_only_here() {
        let tokens = Tokens::new(&[7; 32]);
        let claims = AccessClaims {
            account: Uuid::from_u128(3),
            expires_secs: 600,
            generation: 1,
            session: Some(Uuid::from_u128(4)),
        };
        let token = tokens.issue(&claims).expect("it can be signed");
        assert_eq!(tokens.verify(&token, 599_999).expect("still good"), claims);
        let code = |outcome: Result<AccessClaims, Problem>| outcome.expect_err("refused").code;
        assert_eq!(code(tokens.verify(&token, 600_000)), "token_expired");
        assert_eq!(
            code(Tokens::new(&[8; 32]).verify(&token, 0)),
            "token_unknown"
        );
        let mut forged = token.clone();
        forged.replace_range(..1, "f");
        assert_eq!(code(tokens.verify(&forged, 0)), "token_unknown");
    }
}
