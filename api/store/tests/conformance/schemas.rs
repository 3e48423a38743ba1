//! Both databases have the same tables with the same columns.

use std::collections::BTreeSet;

use crate::place::Place;

/// `table.column`, and whether it may be empty.
async fn columns(place: &Place) -> BTreeSet<String> {
    place.open().await.close().await;
    let sql = if place.is_postgres() {
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END \
         FROM information_schema.columns WHERE table_schema = current_schema()"
    } else {
        "SELECT t.name || '.' || c.name || CASE c.\"notnull\" WHEN 0 THEN '?' ELSE '' END \
         FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
    };
    place
        .words(sql)
        .await
        .into_iter()
        .map(|row| row.concat())
        .filter(|column| !column.starts_with("_sqlx_migrations") && !column.starts_with("sqlite_"))
        // Full text is kept in each database's own way.
        .filter(|column| !column.starts_with("words_of_") && !column.ends_with(".words?"))
        .collect()
}

mod postgres {
    use super::*;

    #[tokio::test]
    async fn both_schemas_have_the_same_columns() {
        let (sqlite, postgres) = (Place::sqlite(), Place::postgres().await);
        let columns_of_sqlite = columns(&sqlite).await;
        assert!(columns_of_sqlite.len() > 100, "{columns_of_sqlite:?}");
        assert_eq!(columns_of_sqlite, columns(&postgres).await);
        postgres.end().await;
    }
}
