-- When the node that has a file last said so. Null where the file stays with whoever named it to a command.
ALTER TABLE imports ADD COLUMN heard_at BIGINT;
UPDATE imports SET heard_at = updated_at WHERE actor <> 'command' AND state = 'running';
