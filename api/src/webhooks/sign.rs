//! Signatures as Standard Webhooks has them. Secrets are made from the village's own and are kept nowhere.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hamlet_store::{DeliveryRow, WebhookRow};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::OVERLAP_MS;
use crate::auth::Secret;

/// Makes secrets and signs with them.
pub struct Signer(Hmac<Sha256>);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// With the village's secret, at least 32 bytes of chance.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(keyed(secret).chain_update(b"hamlet webhook\0"))
    }

    /// An address' secret, for whoever named it.
    pub(crate) fn tell(&self, id: Uuid, generation: i64) -> Secret {
        let bytes = self.secret(id, generation);
        Secret::of(format!("whsec_{}", STANDARD.encode(bytes)))
    }

    /// The headers that belong to what is sent. After a change, what the secret before signs stands there too for a while.
    pub(crate) fn headers(
        &self,
        hook: &WebhookRow,
        delivery: &DeliveryRow,
        now_ms: i64,
    ) -> [(&'static str, String); 3] {
        let id = format!("msg_{}_{}", hook.id.simple(), delivery.no);
        let at = now_ms.div_euclid(1000).to_string();
        let sign = |generation| {
            let content = keyed(&self.secret(hook.id, generation))
                .chain_update(format!("{id}.{at}.{}", delivery.body));
            format!("v1,{}", STANDARD.encode(content.finalize().into_bytes()))
        };
        let mut signature = sign(hook.secret_generation);
        if hook.rotated_ms.is_some_and(|ms| now_ms < ms + OVERLAP_MS) {
            signature = format!("{signature} {}", sign(hook.secret_generation - 1));
        }
        [
            ("webhook-id", id),
            ("webhook-timestamp", at),
            ("webhook-signature", signature),
        ]
    }

    fn secret(&self, id: Uuid, generation: i64) -> [u8; 32] {
        let mac = self.0.clone();
        mac.chain_update(id.as_bytes())
            .chain_update(generation.to_be_bytes())
            .finalize()
            .into_bytes()
            .into()
    }
}

fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    // A key of any length makes a code; the error is of other algorithms.
    Hmac::new_from_slice(secret).unwrap_or_else(|_length| Hmac::new(&Default::default()))
}
