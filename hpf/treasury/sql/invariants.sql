-- Each check gives (rows compared, up to 20 faults in Chinese), and one of them what is still to be decided.

-- name: check_entries
-- Every new line of money in has one entry of its sum; no money came in otherwise. A claimed line has a second one, to
-- the unit account that it was claimed for, unless that was reversed.
WITH compared AS (
    SELECT line.flow_no, line.booked_on, line.amount_fen, entry.id AS entry_id, entry.total_fen,
           entry.unit_account_id IS NOT DISTINCT FROM
           CASE WHEN line.state NOT IN ('unidentified', 'assigned') THEN line.unit_account_id END AS same_owner
    FROM (SELECT * FROM treasury_line WHERE side = '贷' AND state <> 'repeated') line
    FULL JOIN (SELECT * FROM ledger_entry WHERE kind = 'money_in') entry ON entry.id = line.entry_id
    UNION ALL
    SELECT line.flow_no, line.booked_on, line.amount_fen, entry.id, entry.total_fen,
           (entry.unit_account_id, entry.employer_id) IS NOT DISTINCT FROM (line.unit_account_id, line.employer_id)
    FROM (SELECT * FROM treasury_line WHERE state = 'assigned') line
    FULL JOIN (SELECT * FROM ledger_entry e WHERE kind = 'identified'
               AND NOT EXISTS (SELECT FROM ledger_entry mirror WHERE mirror.reverses_id = e.id)) entry
         ON entry.id = line.assigned_entry_id
    UNION ALL
    SELECT line.flow_no, line.booked_on, line.amount_fen, mirror.id, -mirror.total_fen,
           mirror.unit_account_id IS NOT DISTINCT FROM line.unit_account_id
    FROM (SELECT * FROM treasury_line WHERE state = 'reversed') line
    FULL JOIN (SELECT m.* FROM ledger_entry m JOIN ledger_entry e ON e.id = m.reverses_id WHERE e.kind = 'money_in') mirror
         ON mirror.reverses_id = line.entry_id
    UNION ALL
    SELECT line.flow_no, line.booked_on, line.amount_fen, receipt.entry_id, receipt.amount_fen, receipt.state = 'reversed'
    FROM treasury_line line JOIN treasury_line receipt ON receipt.id = line.offsets_id
)
SELECT count(*), (array_agg(CASE
        WHEN entry_id IS NULL THEN format('流水号%%s（%%s）没有记账', flow_no, booked_on)
        WHEN amount_fen IS NULL THEN format('记账%%s没有银行流水', entry_id)
        WHEN NOT same_owner THEN format('流水号%%s（%%s）与记账%%s所属的单位账户不同', flow_no, booked_on, entry_id)
        ELSE format('流水号%%s（%%s）%%s分，记账%%s为%%s分', flow_no, booked_on, amount_fen, entry_id, total_fen) END)
    FILTER (WHERE amount_fen IS DISTINCT FROM total_fen OR NOT same_owner))[1:20]
FROM compared;

-- name: check_bank
WITH came AS (
    SELECT bank_account_id, sum(amount_fen) AS fen FROM treasury_line WHERE side = '贷' AND state <> 'repeated'
    GROUP BY bank_account_id
),
booked AS (
    SELECT p.account_id, sum(p.amount_fen) AS fen FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
    WHERE e.kind = 'money_in' AND p.side = 'D' GROUP BY p.account_id
)
SELECT (SELECT count(*) FROM treasury_line),
       (array_agg(format('账户%%s：对账单收入%%s分，账上到账%%s分', bank.number, COALESCE(came.fen, 0), COALESCE(booked.fen, 0)))
        FILTER (WHERE COALESCE(came.fen, 0) <> COALESCE(booked.fen, 0)))[1:20]
FROM registry_bankaccount bank
LEFT JOIN came ON came.bank_account_id = bank.id
LEFT JOIN booked ON booked.account_id = bank.ledger_account_id;

-- name: check_closing
-- What the bank says at last is what it held before the first line, and what the books of the account hold, less what it
-- paid out that is in no book. A line by which it seems to have taken back a receipt is in none until two persons decide;
-- and a payment is to be asked about that neither came by two persons' hands nor was confirmed by two.
WITH last AS (
    SELECT DISTINCT ON (c.bank_account_id) c.bank_account_id, c.base_fen, s.closing_fen
    FROM treasury_chain() c JOIN treasury_statement s ON s.id = c.statement_id
    ORDER BY c.bank_account_id, LEAST(s.ends_on, s.imported_on) DESC, c.n DESC
),
paid AS (
    SELECT line.bank_account_id, sum(amount_fen) AS fen,
           array_agg(format('流水号%%s（%%s）付款%%s分，%%s', flow_no, booked_on, amount_fen,
                            CASE WHEN findings @> '[{"reason": "TREASURY-TAKEN-BACK"}]' THEN '疑为冲正，待两人核对'
                                 ELSE '未经两人核对' END) ORDER BY line.id)
               FILTER (WHERE state = 'taken_back'
                       OR s.handed_in_id IS NULL AND findings @> '[{"reason": "TREASURY-OUTGOING"}]') AS undecided
    FROM treasury_line line JOIN treasury_statement s ON s.id = line.statement_id
    WHERE state IN ('outgoing', 'taken_back') GROUP BY line.bank_account_id
),
held AS (
    SELECT account_id, sum(CASE side WHEN 'D' THEN amount_fen ELSE -amount_fen END) AS fen FROM ledger_posting GROUP BY account_id
),
compared AS (
    SELECT bank.number, last.closing_fen, paid.undecided,
           last.base_fen + COALESCE(held.fen, 0) - COALESCE(paid.fen, 0) AS expected_fen
    FROM last JOIN registry_bankaccount bank ON bank.id = last.bank_account_id
    LEFT JOIN paid ON paid.bank_account_id = bank.id LEFT JOIN held ON held.account_id = bank.ledger_account_id
)
SELECT count(*),
       (array_agg(format('账户%%s：对账单期末余额%%s分，按账上推算%%s分', number, closing_fen, expected_fen))
        FILTER (WHERE closing_fen <> expected_fen))[1:20],
       (SELECT (array_agg(one))[1:20] FROM compared, unnest(undecided) one)
FROM compared;

-- name: check_unidentified
WITH waiting AS (
    SELECT count(*) AS lines, COALESCE(sum(amount_fen), 0) AS fen FROM treasury_line WHERE state = 'unidentified'
),
balance AS (
    SELECT COALESCE(sum(CASE p.side WHEN 'C' THEN p.amount_fen ELSE -p.amount_fen END), 0) AS fen
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id WHERE a.kind = 'unidentified'
)
SELECT waiting.lines, CASE WHEN waiting.fen <> balance.fen THEN
    ARRAY[format('待认领款项合计%%s分，未识别款余额%%s分', waiting.fen, balance.fen)] END
FROM waiting, balance;

-- name: check_statements
-- A statement adds up over its lines, joins its neighbours of the same account, and has of the days that it tells of
-- whole every line that another brought. A confirmed gap stays named until the missing statement has come. What the account
-- held before all of its lines is what two persons have seen of it, or nothing.
WITH sums AS (
    SELECT statement_id, count(*) AS lines, count(*) FILTER (WHERE state <> 'repeated') AS new_lines,
           sum(CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END) AS fen,
           sum(CASE side WHEN '贷' THEN amount_fen ELSE -amount_fen END) FILTER (WHERE state <> 'repeated') AS new_fen
    FROM treasury_line GROUP BY statement_id
),
single AS (
    SELECT format('对账单%%s：余额或笔数与逐笔合计不符', s.id) AS fault
    FROM treasury_statement s LEFT JOIN sums ON sums.statement_id = s.id
    WHERE (s.line_count, s.new_count, s.new_fen, s.closing_fen - s.opening_fen) IS DISTINCT FROM
          (COALESCE(sums.lines, 0), COALESCE(sums.new_lines, 0), COALESCE(sums.new_fen, 0), COALESCE(sums.fen, 0))
),
chained AS (
    SELECT CASE n WHEN 1 THEN
               format('账户%%s：最早一笔流水之前的余额为%%s分，两人核对过的为%%s分', b.number, base_fen, base_fen - gap_fen)
           ELSE format('账户%%s：%%s起的对账单期初余额%%s分，接续前面的对账单应为%%s分，相差%%s分，其间缺对账单%%s', b.number, starts_on,
                  opening_fen, opening_fen - gap_fen, gap_fen, CASE WHEN confirmed THEN '（缺口已确认，待补导入）' ELSE '' END)
           END AS fault
    FROM treasury_chain() c JOIN registry_bankaccount b ON b.id = c.bank_account_id
    WHERE gap_fen <> 0
),
apart AS (
    SELECT format('流水号%%s（%%s）见于对账单%%s，而对账单%%s同一天没有这一笔', line.flow_no, line.booked_on, line.statement_id, s.id) AS fault
    FROM treasury_statement s JOIN treasury_line line ON line.bank_account_id = s.bank_account_id
         AND line.booked_on > s.starts_on AND line.booked_on < LEAST(s.ends_on, s.imported_on)
         AND line.state <> 'repeated'
    WHERE NOT EXISTS (SELECT FROM treasury_line own WHERE own.statement_id = s.id AND own.flow_no = line.flow_no
                      AND own.booked_on = line.booked_on)
)
SELECT (SELECT count(*) FROM treasury_statement),
       (SELECT (array_agg(fault))[1:20] FROM (TABLE single UNION ALL TABLE chained UNION ALL TABLE apart) f);

-- name: check_once
SELECT count(*), (array_agg(format('账户%%s流水号%%s（%%s）入账%%s次', bank_account_id, flow_no, booked_on, times))
                  FILTER (WHERE times > 1))[1:20]
FROM (SELECT bank_account_id, flow_no, booked_on, count(entry_id) AS times FROM treasury_line
      GROUP BY bank_account_id, flow_no, booked_on) identities;
