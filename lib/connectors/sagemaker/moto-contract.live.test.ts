import { describe } from "vitest";
import { clouds, largeScene } from "@/lib/testing/fakes/clouds";
import { motoMissing, seedMoto, startMoto } from "@/lib/testing/moto";
import { registryContract } from "@/lib/testing/registry-contract";
import { sagemakerTraits } from "@/lib/testing/sagemaker-traits";

const missing = motoMissing();

describe.skipIf(missing)(`SageMaker over moto${missing ? ` (skipped: ${missing})` : ""}`, () => {
  registryContract(
    "Amazon SageMaker (moto)",
    async () => {
      const moto = await startMoto();
      const scene = largeScene("Approved");
      await seedMoto(moto, scene);
      const { auth, username, secret, settings } = clouds.sagemaker.target(moto.url);
      return {
        url: moto.url,
        connect: { system: "sagemaker", auth, username, secret, settings },
        models: scene.models.length,
        versions: scene.models.flatMap((m) => m.versions).length,
        middle: 12,
        stop: moto.stop,
      };
    },
    sagemakerTraits,
  );
});
