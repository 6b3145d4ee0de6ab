-- The portfolio of a past day says what kept a model then: that takes the reviews and conditions of that day.
select track_history('review', '{updated_at}');
select track_history('condition', '{updated_at}');
