/** The region that an address of SageMaker names, or null. */
export function regionOf(baseUrl: string): string | null {
  const host = new URL(baseUrl).hostname;
  return /(?:^|\.)api(?:-fips)?\.sagemaker\.([a-z]{2,}(?:-[a-z]+)+-\d)\./.exec(host)?.[1] ?? null;
}
