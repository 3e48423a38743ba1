//! The client of one endpoint.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::Config as _;
use async_openai::error::OpenAIError;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::access::{Access, Entrance};
use super::answer::{Body, ChatAnswer, Usage, Vectors};
use super::error::WireError;
use super::request::ChatRequest;
use super::stream::{Chunk, Delta, Gatherer};
use super::transport;

/// Talks to one endpoint. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Wire {
    client: Client<Entrance>,
    http: reqwest::Client,
}

impl Wire {
    /// A client of an endpoint; nothing is sent yet.
    ///
    /// # Errors
    /// [`WireError::Setting`] where the address is none, or the key cannot be sent.
    pub fn new(access: Access) -> Result<Self, WireError> {
        let entrance = Entrance::try_from(access)?;
        let http = transport::http()?;
        let client = Client::build(http.clone(), entrance);
        Ok(Self {
            client: client.with_http_service(transport::service(http.clone())),
            http,
        })
    }

    /// One answer, within this time.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn chat(
        &self,
        request: &ChatRequest,
        within: Duration,
    ) -> Result<ChatAnswer, WireError> {
        let chat = self.client.chat();
        let body: Body = whole(within, chat.create_byot(request)).await?;
        ChatAnswer::try_from(body)
    }

    /// One answer in pieces, within this time; `hear` gets the words as they come.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn chat_streamed(
        &self,
        request: &ChatRequest,
        within: Duration,
        mut hear: impl FnMut(Delta) + Send,
    ) -> Result<ChatAnswer, WireError> {
        let mut request = request.clone();
        request.stream = Some(true);
        request.stream_options = Some(json!({"include_usage": true}));
        let gather = async {
            let chat = self.client.chat();
            let mut pieces = chat.create_stream_byot::<_, Chunk>(&request).await?;
            let mut gatherer = Gatherer::default();
            while let Some(piece) = pieces.next().await {
                gatherer.take(piece?).into_iter().for_each(&mut hear);
            }
            Ok::<_, OpenAIError>(gatherer)
        };
        whole(within, gather).await?.end()
    }

    /// Vectors of texts, in their order.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn embed(
        &self,
        model: &str,
        texts: &[String],
        within: Duration,
    ) -> Result<Vectors, WireError> {
        let embeddings = self.client.embeddings();
        let asked = json!({"model": model, "input": texts});
        let body: Value = whole(within, embeddings.create_byot(asked)).await?;
        let vectors: Vec<Vec<f32>> = listed(&body)
            .filter_map(|entry| entry.get("embedding")?.as_array())
            .map(|vector| {
                let numbers = vector.iter().filter_map(Value::as_f64);
                numbers.map(|number| number as f32).collect()
            })
            .collect();
        if vectors.len() == texts.len() {
            let usage = usage_of_vectors(&body);
            Ok(Vectors { vectors, usage })
        } else {
            Err(WireError::Malformed(format!(
                "{} vectors for {} texts",
                vectors.len(),
                texts.len()
            )))
        }
    }

    /// What an endpoint says of its own work: vLLM's page, which lies beside its API.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn metrics(&self, within: Duration) -> Result<String, WireError> {
        let entrance = self.client.config();
        let base = entrance.api_base();
        let root = base.strip_suffix("/v1").unwrap_or(base);
        let page = self.http.get(format!("{root}/metrics"));
        let page = transport::page(page.headers(entrance.headers()));
        timeout(within, page)
            .await
            .map_err(|_elapsed| WireError::Timeout)?
    }

    /// Names of the models that an endpoint says it has.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn models(&self, within: Duration) -> Result<Vec<String>, WireError> {
        let models = self.client.models();
        let body: Value = whole(within, models.list_byot()).await?;
        Ok(listed(&body)
            .filter_map(|model| Some(model.get("id")?.as_str()?.to_owned()))
            .collect())
    }
}

/// What vectors took, where the server says so.
fn usage_of_vectors(body: &Value) -> Usage {
    let said = |name: &str| body.get("usage")?.get(name)?.as_u64();
    let input = said("prompt_tokens").or_else(|| said("total_tokens"));
    Usage {
        input: input.unwrap_or_default(),
        reported: input.is_some(),
        ..Usage::default()
    }
}

/// What comes of asking, if it comes in time.
async fn whole<T>(
    within: Duration,
    asking: impl Future<Output = Result<T, OpenAIError>>,
) -> Result<T, WireError> {
    let answer = timeout(within, asking).await;
    Ok(answer.map_err(|_elapsed| WireError::Timeout)??)
}

/// The entries of a list, as OpenAI writes lists.
fn listed(body: &Value) -> impl Iterator<Item = &Value> {
    let data = body.get("data").and_then(Value::as_array);
    data.into_iter().flatten()
}
