//! Full text: which posts and comments have these words.

use hamlet_protocol::ids::PostId;

use crate::cells::Reader;
use crate::options::StoreKind;
use crate::rows::{SearchHit, SearchKind};
use crate::store::{Result, Store};
use crate::value::Value;

/// Of what has all the words, so many of the newest are weighed: a word that stands everywhere shall not cost a look at everything.
const WEIGHED_MAX: i64 = 20_000;

impl Store {
    /// What has all these words, the weightiest first. Words are letters and digits only; the last may be the beginning of one.
    /// What was made after `until_ms` (UTC milliseconds) is left out, so that later pages of one search are of the same things.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn search(
        &self,
        kind: SearchKind,
        words: &[String],
        until_ms: i64,
        limit: u32,
    ) -> Result<Vec<SearchHit>> {
        let words = plain(words);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, question) = match self.kind() {
            StoreKind::Sqlite => (sqlite(kind), sqlite_question(&words)),
            StoreKind::Postgres => (postgres(kind), postgres_question(&words)),
        };
        let args = vec![
            Value::text(question),
            until_ms.into(),
            WEIGHED_MAX.into(),
            i64::from(limit).into(),
        ];
        self.backend().read(sql, args, hit).await
    }

    /// The newest posts with a tag, which is letters, digits and hyphens.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn posts_tagged(&self, tag: &str, limit: u32) -> Result<Vec<PostId>> {
        let args = vec![Value::text(format!("% {tag} %")), i64::from(limit).into()];
        let sql = TAGGED.to_owned();
        self.backend()
            .read(sql, args, |row| row.uuid().map(PostId))
            .await
    }
}

/// Tags are words between spaces.
const TAGGED: &str = "SELECT id FROM posts WHERE tags <> '' AND ' ' || tags || ' ' LIKE $1 ORDER BY seq DESC LIMIT $2";

fn hit(row: &mut Reader<'_>) -> std::result::Result<SearchHit, sqlx::Error> {
    Ok(SearchHit {
        id: row.uuid()?,
        created_ms: row.int()?,
        score: row.int()?,
        weight: row.int()?,
    })
}

/// bm25 is the smaller the better; a word in a title counts four times.
fn sqlite(kind: SearchKind) -> String {
    let (table, weights) = match kind {
        SearchKind::Posts => ("posts", "4.0, 1.0"),
        SearchKind::Comments => ("comments", "1.0"),
    };
    let words = format!("words_of_{table}");
    format!(
        "SELECT t.id, t.created_ms, t.score, CAST(-1000000000 * m.weight AS INTEGER) \
         FROM (SELECT rowid AS seq, bm25({words}, {weights}) AS weight FROM {words} \
               WHERE {words} MATCH $1 ORDER BY rowid DESC LIMIT $3) AS m \
         JOIN {table} AS t ON t.seq = m.seq WHERE t.created_ms <= $2 \
         ORDER BY m.weight, m.seq DESC LIMIT $4"
    )
}

/// Long texts count for less: 1 divides by 1 + the logarithm of their length.
fn postgres(kind: SearchKind) -> String {
    let table = match kind {
        SearchKind::Posts => "posts",
        SearchKind::Comments => "comments",
    };
    format!(
        "SELECT m.id, m.created_ms, m.score, CAST(1000000000 * ts_rank(m.words, m.question, 1) AS BIGINT) AS weight \
         FROM (SELECT t.id, t.created_ms, t.score, t.seq, t.words, q AS question \
               FROM {table} AS t, to_tsquery('simple', $1) AS q \
               WHERE t.words @@ q AND t.created_ms <= $2 ORDER BY t.seq DESC LIMIT $3) AS m \
         ORDER BY weight DESC, m.seq DESC LIMIT $4"
    )
}

/// Letters from which on the last word may be the beginning of one.
const PREFIX_CHARS_MIN: usize = 3;

fn is_prefix(at: usize, words: &[String]) -> bool {
    at + 1 == words.len() && words[at].chars().count() >= PREFIX_CHARS_MIN
}

/// Nothing but letters and digits gets past here, so nothing can be an operator. In lower case, for a database may know that of ASCII alone.
fn plain(words: &[String]) -> Vec<String> {
    let letters = words
        .iter()
        .map(|word| word.to_lowercase())
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect());
    letters.filter(|word: &String| !word.is_empty()).collect()
}

fn sqlite_question(words: &[String]) -> String {
    let asked = words.iter().enumerate().map(|(at, word)| {
        let star = if is_prefix(at, words) { "*" } else { "" };
        format!("\"{word}\"{star}")
    });
    asked.collect::<Vec<_>>().join(" AND ")
}

fn postgres_question(words: &[String]) -> String {
    let asked = words.iter().enumerate().map(|(at, word)| {
        let star = if is_prefix(at, words) { ":*" } else { "" };
        format!("'{word}'{star}")
    });
    asked.collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_words_and_nothing_else() {
        let words = plain(&["ba\"d", "OR", "*", "x' | 'y", "bee"].map(str::to_owned));
        assert_eq!(
            sqlite_question(&words),
            "\"bad\" AND \"or\" AND \"xy\" AND \"bee\"*"
        );
        assert_eq!(postgres_question(&words), "'bad' & 'or' & 'xy' & 'bee':*");
        assert_eq!(sqlite_question(&["be".to_owned()]), "\"be\"");
    }
}
