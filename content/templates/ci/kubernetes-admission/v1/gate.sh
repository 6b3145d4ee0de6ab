#!/bin/sh
# The question is in the image and not in the pod: who writes a pod chooses neither the environment, nor the file, nor the key.
# 1 is a deny with its reasons, 2 is no answer or one that the pinned key did not sign; neither lets the pod start.
set -eu
digest="$(sha256sum /model/model.bin | cut -d ' ' -f 1)"
exec node /countersign/countersign.mjs gate check --model "$MODEL" --version "$VERSION" --digest "$digest" --env prod \
  --key /countersign/portal.pub
