//! Full text: which posts and comments have these words.

use hamlet_protocol::ids::PostId;

use crate::cells::Reader;
use crate::options::StoreKind;
use crate::rows::{PostTags, SearchHit, SearchKind};
use crate::store::{Result, Store};
use crate::value::Value;

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
        let most = i64::from(self.inner.weighed_max);
        let (sql, question, weighed) = match self.kind() {
            StoreKind::Sqlite => {
                let words = patterns(&words);
                let weighed = self.weighed(kind, &words, most).await?;
                let sql = match weighed.len() {
                    0 => sqlite_newest(kind),
                    some if some < words.len() => sqlite_some(kind),
                    _ => sqlite(kind),
                };
                let some = (1..words.len()).contains(&weighed.len());
                (
                    sql,
                    words.join(" AND "),
                    some.then(|| weighed.join(" AND ")),
                )
            }
            StoreKind::Postgres => (postgres(kind), postgres_question(&words), None),
        };
        let mut args = vec![
            Value::text(question),
            until_ms.into(),
            most.into(),
            i64::from(limit).into(),
        ];
        args.extend(weighed.map(Value::text));
        self.backend().read(sql, args, hit).await
    }

    /// The words that do not stand in too much. To weigh a word, SQLite counts all that has it, and what stands everywhere tells nothing apart.
    async fn weighed(&self, kind: SearchKind, words: &[String], most: i64) -> Result<Vec<String>> {
        let mut weighed = Vec::with_capacity(words.len());
        for word in words {
            let args = vec![Value::text(word.as_str()), (most + 1).into()];
            let counted = self.backend().read(sqlite_count(kind), args, number);
            if counted.await?.first().is_some_and(|&count| count <= most) {
                weighed.push(word.clone());
            }
        }
        Ok(weighed)
    }

    /// Posts that have tags, after this number, oldest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn tags_of_posts(&self, after_seq: i64, limit: u32) -> Result<Vec<PostTags>> {
        let args = vec![after_seq.into(), i64::from(limit).into()];
        let sql =
            "SELECT seq, id, tags FROM posts WHERE tags <> '' AND seq > $1 ORDER BY seq LIMIT $2";
        self.backend().read(sql, args, tags).await
    }
}

fn tags(row: &mut Reader<'_>) -> std::result::Result<PostTags, sqlx::Error> {
    Ok(PostTags {
        seq: row.int()?,
        post: PostId(row.uuid()?),
        tags: row.text()?,
    })
}

fn number(row: &mut Reader<'_>) -> std::result::Result<i64, sqlx::Error> {
    row.int()
}

fn hit(row: &mut Reader<'_>) -> std::result::Result<SearchHit, sqlx::Error> {
    Ok(SearchHit {
        id: row.uuid()?,
        created_ms: row.int()?,
        score: row.int()?,
        weight: row.int()?,
    })
}

/// Table of what is searched, its index, and how much a word in each of the columns weighs: one in a title four times.
fn sqlite_names(kind: SearchKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        SearchKind::Posts => ("posts", "words_of_posts", "4.0, 1.0"),
        SearchKind::Comments => ("comments", "words_of_comments", "1.0"),
    }
}

/// In how much a word stands, counted up to a number.
fn sqlite_count(kind: SearchKind) -> String {
    let (_, words, _) = sqlite_names(kind);
    format!("SELECT COUNT(*) FROM (SELECT 1 FROM {words} WHERE {words} MATCH $1 LIMIT $2)")
}

/// By all words. bm25 is the smaller the better.
fn sqlite(kind: SearchKind) -> String {
    let (table, words, weights) = sqlite_names(kind);
    format!(
        "SELECT t.id, t.created_ms, t.score, CAST(-1000000000 * m.weight AS INTEGER) \
         FROM (SELECT rowid AS seq, bm25({words}, {weights}) AS weight FROM {words} \
               WHERE {words} MATCH $1 ORDER BY rowid DESC LIMIT $3) AS m \
         JOIN {table} AS t ON t.seq = m.seq WHERE t.created_ms <= $2 \
         ORDER BY m.weight, m.seq DESC LIMIT $4"
    )
}

/// What has all words, by some of them ($5): these stand in little, so nothing is cut off.
fn sqlite_some(kind: SearchKind) -> String {
    let (table, words, weights) = sqlite_names(kind);
    format!(
        "SELECT t.id, t.created_ms, t.score, CAST(-1000000000 * m.weight AS INTEGER) \
         FROM (SELECT rowid AS seq, bm25({words}, {weights}) AS weight FROM {words} \
               WHERE {words} MATCH $5 ORDER BY rowid DESC LIMIT $3) AS m \
         JOIN {table} AS t ON t.seq = m.seq WHERE t.created_ms <= $2 \
         AND m.seq IN (SELECT rowid FROM {words} WHERE {words} MATCH $1 ORDER BY rowid DESC LIMIT $3) \
         ORDER BY m.weight, m.seq DESC LIMIT $4"
    )
}

/// By none of them: what is newer is better.
fn sqlite_newest(kind: SearchKind) -> String {
    let (table, words, _) = sqlite_names(kind);
    format!(
        "SELECT t.id, t.created_ms, t.score, 1 \
         FROM (SELECT rowid AS seq FROM {words} WHERE {words} MATCH $1 ORDER BY rowid DESC LIMIT $3) AS m \
         JOIN {table} AS t ON t.seq = m.seq WHERE t.created_ms <= $2 ORDER BY m.seq DESC LIMIT $4"
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

/// Each word as SQLite asks for it.
fn patterns(words: &[String]) -> Vec<String> {
    let asked = words.iter().enumerate().map(|(at, word)| {
        let star = if is_prefix(at, words) { "*" } else { "" };
        format!("\"{word}\"{star}")
    });
    asked.collect()
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
            patterns(&words),
            ["\"bad\"", "\"or\"", "\"xy\"", "\"bee\"*"]
        );
        assert_eq!(postgres_question(&words), "'bad' & 'or' & 'xy' & 'bee':*");
        assert_eq!(patterns(&["be".to_owned()]), ["\"be\""]);
    }
}
