using Hermes.Core.Chat;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Hermes.Core.Skills;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.AgentWire;
using static Hermes.Core.Http.Wire.SkillWire;

namespace Hermes.Core.Http.Endpoints;

internal static class SkillEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Skills").WithMetadata(new HermesEndpoint(ErrorShape.Outcome));
        routes.MapGet("/api/skills", ListSkills).Named("home_skills").Produces<SkillList>().ProducesErrors(400, 500);
        routes.MapGet("/api/skills/categories", ListCategories).Named("home_skill_categories").Produces<SkillCategoryList>().ProducesErrors(500);
        routes.MapGet("/api/skills/{name}", GetSkill).Named("home_skill").Produces<SkillDetail>().ProducesErrors(400, 404, 500);
    }

    /// <summary>Maps what the agent can do, for clients that show it: its skills and its tools.</summary>
    public static void MapOfAgent(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Skills");
        routes.MapGet("/v1/skills", ListEnabledSkills).Named("skills").Produces<AgentSkillList>().ProducesErrors(500);
        routes.MapGet("/v1/toolsets", ListToolsets).Named("toolsets").Produces<ToolsetList>().ProducesErrors();
    }

    /// <summary>Lists the skills: the home's own, then those of external folders, each sorted by path.</summary>
    /// <param name="category">Only skills of exactly this category.</param>
    /// <param name="q">Only skills that have each of these words in their name, description, category, author, tags or triggers.</param>
    /// <param name="limit">How many at most; all where it is missing.</param>
    /// <param name="content">0 leaves the texts of the skills out.</param>
    /// <response code="200">The skills, disabled and broken ones included.</response>
    /// <response code="500">The folder of skills cannot be read; the text says why.</response>
    internal static async Task<JsonAnswer> ListSkills(
        HttpContext http, SkillCatalog skills, SnapshotAnswers answers, HermesApiOptions options,
        [FromQuery] string? category, [FromQuery] string? q, [FromQuery] string? limit, [FromQuery] string? content)
    {
        var withContent = QueryFields.Flag("content", content, missing: true);
        category = string.IsNullOrEmpty(category) ? null : category;
        q = string.IsNullOrWhiteSpace(q) ? null : q;
        var most = QueryFields.Limit(limit);
        var snapshot = await skills.ReadAsync(http.RequestAborted);
        return category is null && q is null && most is null
            ? answers.Get(snapshot, withContent ? "whole" : "short", () => SkillList.From(snapshot.Skills, limit: null, withContent, options.ListKeys))
            : JsonAnswer.Tagged(SkillList.From(snapshot.Search(category, q), most, withContent, options.ListKeys));
    }

    /// <summary>Lists the categories of the skills, sorted by name, with the description that each one's folder has in its DESCRIPTION.md.</summary>
    /// <response code="200">The categories. A skill without a category is counted in none.</response>
    /// <response code="500">The folder of skills cannot be read; the text says why.</response>
    internal static async Task<JsonAnswer> ListCategories(HttpContext http, SkillCatalog skills, SkillCategories categories)
    {
        var list = categories.Read((await skills.ReadAsync(http.RequestAborted)).Skills);
        return JsonAnswer.Tagged(new SkillCategoryList(true, [.. list.Select(one => new SkillCategoryObject(one.Name, one.Description, one.Count))]));
    }

    /// <summary>Gets the first skill in the list with exactly this name, else the one of this <c>category/name</c> or folder, and the files that belong to it, or one of these files.</summary>
    /// <param name="name">The skill's name, percent-encoded where it has a slash.</param>
    /// <param name="file_path">A path from <c>linked_files</c>, or <c>SKILL.md</c>: that file instead of the skill.</param>
    /// <response code="200">The skill, or the file.</response>
    /// <response code="400">No file of a skill can have such a path.</response>
    /// <response code="404">There is no skill of this name, or it has no such file.</response>
    /// <response code="500">The file, or the folder of skills, is there but cannot be read.</response>
    internal static async Task<JsonAnswer> GetSkill(
        HttpContext http, SkillCatalog skills, SkillFiles files, string name, [FromQuery] string? file_path)
    {
        var path = string.IsNullOrEmpty(file_path) ? null : file_path;
        if (path is not null && !SkillFiles.IsPath(path))
            throw new RequestException("'file_path' must be SKILL.md, or a path below references, templates, assets or scripts", param: "file_path");

        var skill = (await skills.ReadAsync(http.RequestAborted)).Find(RouteText.Decode(http, name, "name"))
            ?? throw new RequestException("Skill not found", StatusCodes.Status404NotFound, param: "name");
        if (path is null)
            return JsonAnswer.Tagged(SkillDetail.From(skill, SkillFiles.Folders.ToDictionary(folder => folder, folder => files.List(skill, folder))));

        var file = files.Read(skill, path) ?? throw new RequestException("The skill has no such file", StatusCodes.Status404NotFound, param: "file_path");
        return JsonAnswer.Tagged(SkillDetail.From(skill, path, file));
    }

    /// <summary>Lists the skills that are switched on, in short. <c>/api/skills</c> has all of them, with their texts.</summary>
    /// <response code="200">The skills, in the order of <c>/api/skills</c>.</response>
    /// <response code="500">The folder of skills cannot be read; the text says why.</response>
    internal static async Task<JsonAnswer> ListEnabledSkills(HttpContext http, SkillCatalog skills)
    {
        var snapshot = await skills.ReadAsync(http.RequestAborted);
        return JsonAnswer.Tagged(new AgentSkillList(
            "list", [.. snapshot.Skills.Where(skill => skill.Enabled).Select(skill => new AgentSkill(skill.Name, skill.Description, skill.Category))]));
    }

    /// <summary>Lists the tools that the application registers as services, as one toolset. Tools that the agent's pipeline adds to each request cannot be seen.</summary>
    /// <response code="200">The toolset, or none where no tool can be seen.</response>
    internal static JsonAnswer ListToolsets(HttpContext http)
    {
        var tools = Agent.FindTools(http.RequestServices);
        var toolset = new Toolset("agent", "Agent", "The tools that are registered with the agent", Enabled: true, Configured: true, tools);
        return JsonAnswer.Tagged(new ToolsetList("list", "api_server", tools.Count > 0 ? [toolset] : []));
    }
}
