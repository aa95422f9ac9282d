select
    channel,
    word_count,
    office,
    certainty
from {{ source('city', 'messages_of_training') }}
