-- Money.

-- The ledger: every entry has two sides and its place in a chain of hashes. It is only ever added to.
CREATE TABLE transfers (
    no BIGINT NOT NULL PRIMARY KEY CHECK (no > 0),
    kind TEXT NOT NULL CHECK (kind IN ('plain', 'pending', 'post', 'void', 'expire')),
    debit UUID NOT NULL,
    credit UUID NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    code TEXT NOT NULL,
    pending BIGINT,
    batch BIGINT,
    author UUID,
    post UUID,
    memo TEXT NOT NULL,
    client TEXT,
    until_ms BIGINT,
    at_ms BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    debit_balance BIGINT NOT NULL,
    credit_balance BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    CHECK (debit <> credit),
    CHECK ((kind IN ('plain', 'pending')) = (pending IS NULL))
);

CREATE INDEX transfers_by_debit ON transfers (debit, no);
CREATE INDEX transfers_by_credit ON transfers (credit, no);

-- What everybody has: the sums of the entries, kept for queries.
CREATE TABLE ledger_accounts (
    account UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    balance BIGINT NOT NULL,
    last_transfer BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CHECK (balance >= 0 OR kind IN ('mint', 'deposits'))
);

-- Money that came from outside: each transaction counts once.
CREATE TABLE deposits (
    txn TEXT NOT NULL PRIMARY KEY,
    agent UUID NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    transfer BIGINT NOT NULL,
    note TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

-- Work with a reward.
CREATE TABLE bounties (
    no BIGINT NOT NULL PRIMARY KEY,
    author UUID,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    reward BIGINT NOT NULL CHECK (reward > 0),
    fee BIGINT NOT NULL CHECK (fee >= 0),
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    state TEXT NOT NULL,
    deliverable TEXT,
    reason TEXT,
    changed_ms BIGINT NOT NULL
);

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER transfers_no_change BEFORE UPDATE OR DELETE ON transfers
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER transfers_no_truncate BEFORE TRUNCATE ON transfers
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER deposits_no_change BEFORE UPDATE OR DELETE ON deposits
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER deposits_no_truncate BEFORE TRUNCATE ON deposits
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
