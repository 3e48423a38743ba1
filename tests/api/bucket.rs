//! Pictures in a bucket: against a small S3 service in this process, which checks who writes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hamlet_api::files::{Bucket, FileHash, FileStore, FilesPlace, Shape};
use http_body_util::BodyExt;
use image::{ImageFormat, Rgba, RgbaImage};
use std::collections::BTreeSet;
use std::io::Cursor;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// When everything in the bucket was written.
const WRITTEN: &str = "2026-02-01T12:00:00.000Z";
const WRITTEN_MS: i64 = 1_769_947_200_000;
const DAY_MS: i64 = 86_400_000;

/// What lies in the bucket, by its key.
type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

async fn s3(
    State(objects): State<Objects>,
    Query(query): Query<BTreeMap<String, String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let signed = parts
        .headers
        .get("authorization")
        .and_then(|it| it.to_str().ok());
    if !signed.is_some_and(|it| it.starts_with("AWS4-HMAC-SHA256 Credential=writer/")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(key) = parts.uri.path().strip_prefix("/pictures/") else {
        return list(&objects, query.get("prefix").map_or("", String::as_str));
    };
    let key = key.to_owned();
    let bytes = body.collect().await.expect("it arrives").to_bytes();
    let mut objects = objects.lock().expect("nobody panicked");
    match parts.method {
        Method::PUT => {
            objects.insert(key, bytes);
            ([("etag", "\"1\"")], "").into_response()
        }
        Method::DELETE => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => match objects.get(&key) {
            Some(bytes) => {
                let headers = [
                    ("etag", "\"1\""),
                    ("last-modified", "Sun, 01 Feb 2026 12:00:00 GMT"),
                ];
                (headers, bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

fn list(objects: &Objects, prefix: &str) -> Response {
    let objects = objects.lock().expect("nobody panicked");
    let found = objects.iter().filter(|(key, _)| key.starts_with(prefix));
    let contents: String = found
        .map(|(key, bytes)| {
            format!(
                "<Contents><Key>{key}</Key><LastModified>{WRITTEN}</LastModified><ETag>\"1\"</ETag><Size>{}</Size></Contents>",
                bytes.len()
            )
        })
        .collect();
    let body = format!(
        "<?xml version=\"1.0\"?><ListBucketResult><Name>pictures</Name><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    );
    ([("content-type", "application/xml")], body).into_response()
}

async fn service() -> (Objects, String) {
    let objects = Objects::default();
    let router = Router::new().fallback(s3).with_state(Arc::clone(&objects));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        axum::serve(listener, router).await.expect("it serves");
    });
    (objects, format!("http://{address}"))
}

fn bucket(endpoint: &str, writer: &str) -> FilesPlace {
    FilesPlace::Bucket(Bucket {
        name: "pictures".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        prefix: "town".to_owned(),
        access_key_id: writer.to_owned(),
        secret_access_key: "secret".to_owned(),
    })
}

fn picture(colour: u8) -> Bytes {
    let mut file = Cursor::new(Vec::new());
    RgbaImage::from_pixel(40, 20, Rgba([colour, 20, 30, 255]))
        .write_to(&mut file, ImageFormat::Png)
        .expect("it can be drawn");
    file.into_inner().into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_lie_in_a_bucket_until_nothing_names_them() {
    let (objects, endpoint) = service().await;
    let folder = TempDir::new().expect("a folder");
    let files = FileStore::open(&bucket(&endpoint, "writer"), folder.path()).expect("it opens");
    let kept = files
        .keep_picture(picture(1), Shape::Avatar)
        .await
        .expect("it is taken");
    let other = files
        .keep_picture(picture(2), Shape::Avatar)
        .await
        .expect("it is taken");
    let key = format!("town/{:02x}/{kept}.png", kept.0[0]);
    assert!(
        objects.lock().expect("nobody panicked").contains_key(&key),
        "under the prefix"
    );
    let bytes = files.read(kept).await.expect("it answers");
    assert_eq!(bytes.map(|bytes| FileHash::of(&bytes)), Some(kept));
    let nowhere = FileHash([9; 32]);
    assert_eq!(files.read(nowhere).await.expect("it answers"), None);
    // What somebody else put there is none of ours.
    objects
        .lock()
        .expect("nobody panicked")
        .insert("town/readme.txt".to_owned(), Bytes::from_static(b"mine"));
    let named = BTreeSet::from([kept]);
    let early = files.sweep(&named, WRITTEN_MS + DAY_MS).await;
    assert_eq!(early.expect("it answers"), 0, "not within a day");
    let swept = files.sweep(&named, WRITTEN_MS + DAY_MS + 1).await;
    assert_eq!(swept.expect("it answers"), 1);
    assert_eq!(files.read(other).await.expect("it answers"), None);
    assert!(files.read(kept).await.expect("it answers").is_some());
    assert_eq!(objects.lock().expect("nobody panicked").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_refuses_is_told_of_as_such() {
    let (_objects, endpoint) = service().await;
    let folder = TempDir::new().expect("a folder");
    let files = FileStore::open(&bucket(&endpoint, "stranger"), folder.path()).expect("it opens");
    let refused = files.keep_picture(picture(1), Shape::Avatar).await;
    let refused = refused.expect_err("nobody knows who this is");
    assert_eq!((refused.status.as_u16(), refused.code), (503, "files"));
}
