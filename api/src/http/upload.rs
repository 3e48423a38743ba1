//! Files that clients send, as forms of browsers do (`multipart/form-data`, RFC 7578).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::body::whole;
use crate::files::PICTURE_BYTES_MAX;
use crate::problem::Problem;
use crate::state::App;

/// Bytes of a form's parts that are no file: their headers and short texts.
const AROUND_BYTES_MAX: usize = 16 << 10;
/// Bytes a form with a file may have.
pub(super) const FORM_BYTES_MAX: usize = PICTURE_BYTES_MAX + AROUND_BYTES_MAX;
/// Parts a form may have.
const PARTS_MAX: usize = 16;
/// Bytes a boundary may have, as RFC 2046 says.
const BOUNDARY_BYTES_MAX: usize = 70;
/// The part that is the file.
const FILE: &str = "file";

/// A form with a file.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// What is in the part `file`.
    pub(crate) file: Bytes,
    /// The other parts that are text, by name.
    #[allow(
        dead_code,
        reason = "communities' pictures say with it which one they are"
    )]
    fields: Vec<(String, String)>,
}

impl Upload {
    /// The text of a part.
    #[allow(
        dead_code,
        reason = "communities' pictures say with it which one they are"
    )]
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(have, _)| have == name)
            .map(|(_, text)| text.as_str())
    }
}

/// How a body with a file is described.
#[derive(Debug, utoipa::ToSchema)]
pub(crate) struct UploadBody {
    /// The picture: PNG, JPEG, GIF or WebP, at most 1 MiB and 4096 pixels wide or high.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    #[expect(dead_code, reason = "it only describes")]
    file: Vec<u8>,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _app: &App) -> Result<Self, Problem> {
        let boundary = boundary_of(&request).ok_or_else(|| {
            Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "no_form",
                "The body is no form with a file.",
                "Send `multipart/form-data` with the picture as the part `file`: curl -F file=@picture.png …",
            )
        })?;
        let body = whole(request.into_body(), FORM_BYTES_MAX).await?;
        parse(&body, &boundary)
    }
}

/// Whether a request brings a form.
pub(super) fn is_form(request: &Request) -> bool {
    boundary_of(request).is_some()
}

fn boundary_of(request: &Request) -> Option<String> {
    let kind = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(rest, "boundary")?;
    (1..=BOUNDARY_BYTES_MAX)
        .contains(&boundary.len())
        .then_some(boundary)
}

/// A parameter of a header: `name=value` or `name="value"`, with whatever else between semicolons.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([';', ' ', '\t']);
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.trim().to_owned());
        }
        rest = after;
    }
}

fn parse(body: &Bytes, boundary: &str) -> Result<Upload, Problem> {
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may stand at the very beginning.
    let mut at = match body.strip_prefix(&delimiter.as_bytes()[2..]) {
        Some(_) => delimiter.len() - 2,
        None => find(body, delimiter.as_bytes()).ok_or_else(broken)? + delimiter.len(),
    };
    let mut file = None;
    let mut fields = Vec::new();
    for _ in 0..PARTS_MAX {
        if body[at..].starts_with(b"--") {
            let file = file.ok_or_else(no_file)?;
            return Ok(Upload { file, fields });
        }
        let head_at = at + find(&body[at..], b"\r\n").ok_or_else(broken)?;
        let head_len = find(&body[head_at..], b"\r\n\r\n").ok_or_else(broken)?;
        let from = head_at + head_len + 4;
        // The delimiter's own line break may be the one that ends an empty head.
        let len = find(&body[from - 2..], delimiter.as_bytes()).ok_or_else(broken)?;
        let content = body.slice(from..(from - 2 + len).max(from));
        let head = String::from_utf8_lossy(&body[head_at..head_at + head_len]);
        match name_in(&head).as_deref() {
            Some(FILE) if file.is_none() => file = Some(content),
            Some(FILE) => return Err(broken()),
            Some(name) if content.len() <= AROUND_BYTES_MAX => {
                let text = String::from_utf8_lossy(&content).into_owned();
                fields.push((name.to_owned(), text));
            }
            Some(_) | None => {}
        }
        at = from - 2 + len + delimiter.len();
    }
    Err(broken())
}

/// The name of a part, from its head.
fn name_in(head: &str) -> Option<String> {
    head.split("\r\n").find_map(|line| {
        let (header, value) = line.split_once(':')?;
        let wanted = header.trim().eq_ignore_ascii_case("content-disposition");
        let (_form_data, parameters) = value.split_once(';')?;
        wanted.then(|| parameter(parameters, "name"))?
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn broken() -> Problem {
    Problem::invalid(
        "The form breaks off or makes no sense.",
        "Send `multipart/form-data` as RFC 7578 has it, with one part `file` and at most 15 others.",
    )
}

fn no_file() -> Problem {
    Problem::invalid(
        "The form has no part `file`.",
        "Send the picture as the part `file`: curl -F file=@picture.png …",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &[(&str, &[u8])]) -> Bytes {
        let mut body = Vec::new();
        for (head, content) in parts {
            body.extend(format!("--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--xyz--\r\n");
        body.into()
    }

    #[test]
    fn a_form_gives_its_file_and_its_texts() {
        let body = form(&[
            ("name=\"type\"", b"banner"),
            (
                "name=\"file\"; filename=\"a;name=b.png\"\r\nContent-Type: image/png",
                b"\x89PNG\r\n\r\n--xy",
            ),
            ("name=empty", b""),
        ]);
        let upload = parse(&body, "xyz").expect("it is a form");
        assert_eq!(&upload.file[..], b"\x89PNG\r\n\r\n--xy");
        assert_eq!(upload.field("type"), Some("banner"));
        assert_eq!(upload.field("empty"), Some(""));
        assert_eq!(upload.field("other"), None);
    }

    #[test]
    fn what_breaks_off_is_refused_wherever_it_does() {
        let whole = form(&[("name=\"file\"", b"0123456789"), ("name=\"a\"", b"b")]);
        for end in 0..whole.len() - 4 {
            assert!(parse(&whole.slice(..end), "xyz").is_err(), "{end}");
        }
        assert!(parse(&form(&[("name=\"other\"", b"1")]), "xyz").is_err());
        assert!(parse(&form(&[("name=\"file\"", &b"1"[..]); 2]), "xyz").is_err());
        assert!(parse(&form(&[("name=\"a\"", &b"1"[..]); 20]), "xyz").is_err());
    }

    #[test]
    fn a_boundary_is_read_with_quotes_and_without() {
        for (header, boundary) in [
            ("boundary=abc", Some("abc")),
            ("charset=utf-8; boundary=\"a b;c\"", Some("a b;c")),
            ("Boundary=abc; charset=utf-8", Some("abc")),
            ("nothing", None),
        ] {
            assert_eq!(
                parameter(header, "boundary").as_deref(),
                boundary,
                "{header}"
            );
        }
    }
}
