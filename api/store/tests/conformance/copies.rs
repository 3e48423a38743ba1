//! A village of a PostgreSQL server, taken along, put back, and ended. What a file does stands in `files.rs`.

mod postgres {
    use std::fs::{self, File};
    use std::path::Path;

    use hamlet_store::{Store, StoreError, Write};

    use crate::cases::events::one_of_each;
    use crate::place::Place;
    use crate::samples::{
        Pump, account, audit, avatar, claim, key, outcome, record, session, ticket, window,
    };

    /// What makes trouble in a text that stands in lines and columns.
    const TRYING: &str = "a\tb\nc\\d\r\\N \\. 🙂 \"x\" 'y'\u{1}";

    /// A village with rows that refer to each other, texts of all sorts, bytes, and an image in pieces.
    async fn lively(place: &Place) -> Pump {
        let mut pump = Pump::begin(place.open().await).await;
        let setting = Write::Setting {
            key: "motd".to_owned(),
            value: TRYING.to_owned(),
        };
        let writes = vec![
            Write::Account(account(1)),
            Write::AgentRecord(record(2, Some(1))),
            Write::Key(key(3)),
            Write::Claim(claim(4)),
            Write::Session(session(5, 1)),
            Write::Ticket(ticket(6)),
            Write::Idempotency(outcome(7)),
            Write::Window(window(8)),
            Write::Avatar(avatar(9)),
            Write::Audit(audit(1)),
            setting,
        ];
        pump.commit(one_of_each(), writes).await;
        let image = pump.image(3 * 1024 * 1024 + 17);
        pump.store.put_image(&image).await.expect("it is kept");
        pump.commit(vec![], vec![]).await;
        pump
    }

    /// Every table with all that is in it, as one word.
    async fn contents(place: &Place) -> Vec<Vec<String>> {
        let tables = "SELECT table_name::text FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations' ORDER BY 1";
        let mut all = Vec::new();
        for table in place.words(tables).await.concat() {
            let sql = format!(
                "SELECT '{table}', COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            );
            all.extend(place.words(&sql).await);
        }
        all
    }

    /// Tables and functions that are there, whoever made them.
    async fn made(place: &Place) -> i64 {
        place
            .number(
                "(SELECT COUNT(*) FROM pg_class WHERE relnamespace = current_schema()::text::regnamespace) \
                 + (SELECT COUNT(*) FROM pg_proc WHERE pronamespace = current_schema()::text::regnamespace)",
            )
            .await
    }

    async fn restore(place: &Place, copy: &Path) -> Result<(), StoreError> {
        let source = File::open(copy).expect("the copy is there");
        Store::restore_from(&place.url(), source).await
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_copy_is_put_into_another_database() {
        let (one, two) = (Place::postgres().await, Place::postgres().await);
        let mut pump = lively(&one).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let copy = folder.path().join("copy");
        pump.store.backup_into(&copy).await.expect("it is copied");
        let again = pump.store.backup_into(&copy).await;
        assert!(again.is_err(), "it would overwrite");

        restore(&two, &copy).await.expect("there is room");
        assert_eq!(contents(&two).await, contents(&one).await);
        let restored = two.open().await;
        assert_eq!(restored.head().await.expect("readable"), Some(pump.head));
        let wrong = restored.integrity_check().await.expect("readable");
        assert_eq!(wrong, Vec::<String>::new());
        let image = restored.newest_image().await.expect("readable");
        assert!(image.is_some_and(|image| image.bytes.len() == 3 * 1024 * 1024 + 17));
        // What is kept from being changed is so there as well.
        two.raw("DELETE FROM audit")
            .await
            .expect_err("it is only added to");
        // It goes on there as it would have here.
        let mut further = Pump::begin(restored).await;
        further.commit(vec![], vec![Write::Audit(audit(2))]).await;
        pump.commit(vec![], vec![Write::Audit(audit(2))]).await;

        let error = restore(&two, &copy).await.expect_err("somebody has it");
        assert!(matches!(error, StoreError::InUse), "{error}");
        further.store.close().await;
        let error = restore(&two, &copy).await.expect_err("a village is there");
        assert!(matches!(error, StoreError::Occupied), "{error}");
        assert_eq!(two.number("SELECT MAX(no) FROM audit").await, 2);
        pump.store.close().await;
        one.end().await;
        two.end().await;
    }

    #[tokio::test]
    async fn where_no_village_is_there_is_nothing_to_copy() {
        let place = Place::postgres().await;
        let store = place.open().await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let copy = folder.path().join("copy");
        let error = store.backup_into(&copy).await;
        let error = error.expect_err("there is none");
        assert!(error.to_string().contains("no village"), "{error}");
        assert!(!copy.exists());
        store.close().await;
        place.end().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_copy_that_is_torn_leaves_no_village() {
        let (one, two) = (Place::postgres().await, Place::postgres().await);
        let pump = lively(&one).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (copy, torn) = (folder.path().join("copy"), folder.path().join("torn"));
        pump.store.backup_into(&copy).await.expect("it is copied");
        pump.store.close().await;
        let whole = fs::read(&copy).expect("it is readable");
        for length in [7, whole.len() / 2, whole.len() - 1] {
            fs::write(&torn, &whole[..length]).expect("the disk takes it");
            let error = restore(&two, &torn).await.expect_err("it is torn");
            assert!(matches!(error, StoreError::Dump { .. }), "{error}");
        }
        assert!(!Store::erase(&two.url()).await.expect("nobody has it"));
        // What the tries left behind does not stand in the way of a whole one.
        fs::write(&torn, &whole[..whole.len() - 1]).expect("the disk takes it");
        restore(&two, &torn).await.expect_err("it is torn");
        restore(&two, &copy).await.expect("there is room");
        assert_eq!(contents(&two).await, contents(&one).await);
        one.end().await;
        two.end().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_village_that_is_ended_leaves_nothing_behind() {
        let place = Place::postgres().await;
        assert!(!Store::erase(&place.url()).await.expect("nobody has it"));
        let pump = lively(&place).await;
        let error = Store::erase(&place.url()).await;
        let error = error.expect_err("a server has it");
        assert!(matches!(error, StoreError::InUse), "{error}");
        pump.store.close().await;
        assert!(Store::erase(&place.url()).await.expect("nobody has it"));
        assert_eq!(made(&place).await, 0);
        // Another is founded in its place.
        let store = place.open().await;
        assert_eq!(store.head().await.expect("readable"), None);
        store.close().await;
        place.end().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_tables_of_another_program_are_left_alone() {
        let place = Place::postgres().await;
        place.open().await.close().await;
        place
            .raw("UPDATE _sqlx_migrations SET description = 'users' WHERE version = 1")
            .await
            .expect("past the store");
        let before = made(&place).await;
        let error = Store::erase(&place.url()).await;
        let error = error.expect_err("it is not ours");
        assert!(matches!(error, StoreError::Unsupported { .. }), "{error}");
        assert_eq!(made(&place).await, before);
        place.end().await;
    }
}
