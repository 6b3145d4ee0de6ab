-- Waivers asked for before the risk matrix are for the head of technology to accept, as they were for the board's chair.
update waiver set needs = '[["unit_head"]]' where needs = '[]'::jsonb and accepted_at is null and refused_at is null;
