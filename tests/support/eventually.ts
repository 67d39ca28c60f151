/** Asks again until `check` stops throwing; then its answer. Throws its last error at the deadline. */
export async function eventually<T>(check: () => Promise<T> | T, deadlineMs = 15_000): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
