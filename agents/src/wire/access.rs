//! How one comes in at an endpoint.

use std::fmt;

use async_openai::config::Config;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;

use super::error::WireError;

/// How one comes in at an endpoint.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Address with its version, such as `http://127.0.0.1:8000/v1`; for Azure that of the deployment.
    pub base_url: String,
    /// The key, where one is needed.
    pub api_key: Option<String>,
    /// Azure's `api-version`; with one the key goes into `api-key`.
    pub azure_api_version: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("base_url", &self.base_url)
            .field("api_key", &self.api_key.as_ref().map(|_| "********"))
            .finish_non_exhaustive()
    }
}

/// An [`Access`] that has been looked at.
///
/// The library's own settings read the environment and send a key even where there is none, which is no way to talk to a local server.
#[derive(Clone, Debug)]
pub(super) struct Entrance {
    base: String,
    headers: HeaderMap,
    query: Vec<(&'static str, String)>,
    key: SecretString,
}

impl TryFrom<Access> for Entrance {
    type Error = WireError;

    fn try_from(access: Access) -> Result<Self, WireError> {
        let url = &access.base_url;
        if reqwest::Url::parse(url).is_err() || !url.starts_with("http") {
            return Err(WireError::Setting(format!(
                "`{url}` is no address of an endpoint; write it like `http://127.0.0.1:8000/v1`"
            )));
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = &access.api_key {
            let (name, value) = match access.azure_api_version {
                None => (AUTHORIZATION, format!("Bearer {key}")),
                Some(_) => (HeaderName::from_static("api-key"), key.clone()),
            };
            let mut value = HeaderValue::try_from(value).map_err(|_letters| {
                WireError::Setting("the key has letters that no header can have".to_owned())
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let version = access.azure_api_version;
        Ok(Self {
            base: url.trim_end_matches('/').to_owned(),
            headers,
            query: version
                .map(|version| ("api-version", version))
                .into_iter()
                .collect(),
            key: access.api_key.unwrap_or_default().into(),
        })
    }
}

impl Config for Entrance {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        let query = self.query.iter();
        query.map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}
