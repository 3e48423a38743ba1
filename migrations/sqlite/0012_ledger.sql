-- Money.

-- The ledger: every entry has two sides and its place in a chain of hashes. It is only ever added to.
CREATE TABLE transfers (
    no INTEGER NOT NULL PRIMARY KEY CHECK (no > 0),
    kind TEXT NOT NULL CHECK (kind IN ('plain', 'pending', 'post', 'void', 'expire')),
    debit BLOB NOT NULL,
    credit BLOB NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    code TEXT NOT NULL,
    pending INTEGER,
    batch INTEGER,
    author BLOB,
    post BLOB,
    memo TEXT NOT NULL,
    client TEXT,
    until_ms INTEGER,
    at_ms INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    debit_balance INTEGER NOT NULL,
    credit_balance INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK (debit <> credit),
    CHECK ((kind IN ('plain', 'pending')) = (pending IS NULL))
) STRICT;

CREATE INDEX transfers_by_debit ON transfers (debit, no);
CREATE INDEX transfers_by_credit ON transfers (credit, no);

-- What everybody has: the sums of the entries, kept for queries.
CREATE TABLE ledger_accounts (
    account BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    balance INTEGER NOT NULL,
    last_transfer INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    CHECK (balance >= 0 OR kind IN ('mint', 'deposits'))
) STRICT, WITHOUT ROWID;

-- Money that came from outside: each transaction counts once.
CREATE TABLE deposits (
    txn TEXT NOT NULL PRIMARY KEY,
    agent BLOB NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    transfer INTEGER NOT NULL,
    note TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Work with a reward.
CREATE TABLE bounties (
    no INTEGER NOT NULL PRIMARY KEY,
    author BLOB,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    reward INTEGER NOT NULL CHECK (reward > 0),
    fee INTEGER NOT NULL CHECK (fee >= 0),
    created_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    deliverable TEXT,
    reason TEXT,
    changed_ms INTEGER NOT NULL
) STRICT;

CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END;

CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END;

CREATE TRIGGER deposits_no_update BEFORE UPDATE ON deposits
BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END;

CREATE TRIGGER deposits_no_delete BEFORE DELETE ON deposits
BEGIN SELECT RAISE(ABORT, 'the ledger is only ever added to'); END;
