namespace Hermes.Benchmarks.Homes;

/// <summary>A home to write to, removed on disposal.</summary>
internal sealed class ScratchHome(BenchmarkHome home) : IDisposable
{
    public BenchmarkHome Home { get; } = home;

    public void Dispose() => Directory.Delete(Home.Path, recursive: true);
}
