using Hermes.Core.Http.Json;
using Hermes.Core.Skills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class SkillEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/skills", HermesRoutes.Reading, ListSkills)
            .WithTags("Skills")
            .Produces<SkillList>().ProducesErrors(400);

    /// <summary>Lists the skills: the home's own, then those of external folders, each sorted by path.</summary>
    /// <param name="skills">The catalog.</param>
    /// <param name="content">0 leaves the texts of the skills out.</param>
    /// <response code="200">The skills, disabled and broken ones included.</response>
    internal static JsonBytes ListSkills(SkillCatalog skills, [FromQuery] string? content)
    {
        var hasContent = QueryFields.Flag("content", content, missing: true);
        var snapshot = skills.Read();
        return new JsonBytes(StatusCodes.Status200OK, hasContent ? snapshot.Json : snapshot.JsonWithoutContent) { Tag = snapshot.Stamp };
    }
}
